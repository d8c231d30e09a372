"""The page of states in the documents is made from the table of moves, and says what the table says."""
from pathlib import Path

from masa.publishing.states import EDITABLE, MOVES, PUBLIC, State

PAGE = Path(__file__).parents[3] / "docs" / "states.md"


def page():
    """Return the page as it should be."""
    arrows = [f"    {start} --> {to}" for start in State for to in State if to in MOVES[start]]
    rows = [
        f"| {state.label} | {'yes' if state in EDITABLE else 'no'} | {'yes' if state in PUBLIC else 'no'} |"
        f" {', '.join(to.label for to in State if to in MOVES[state]) or 'nothing: it stays'} |"
        for state in State
    ]
    return "\n".join([
        "# The states of an edition", "",
        "Made from `MOVES` in `masa/publishing/states.py`. After changing it: `python3 -m tests.unit.publishing.test_states_page`.", "",
        "```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT}", *arrows, "```", "",
        "| state | text can be changed | the public can read it | may become |", "|---|---|---|---|", *rows, "",
    ])


def test_the_page_says_what_the_table_says():
    assert PAGE.read_text() == page()


if __name__ == "__main__":
    PAGE.write_text(page())
