"""Which items of one list are the same as which of another: the ground of the redline. Pure, and safe in time.

Every function gives the same pairs, turned round, when its two lists change places.
"""
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher

CELLS_AN_ITEM = 200  # how much closer looking an item of either list pays for, in pairs of items
LARGEST_GAP = 40_000  # pairs of items: a gap without landmarks that is larger is not looked into
DEEPEST = 40  # how often a gap is divided at its landmarks
ALIKE = 0.45  # two texts that share less than this of their words are two texts, not one that changed


def same_items(before, after):
    """Return ``[(i, j)]`` with ``before[i] == after[j]``, rising in both: landmarks first, then closer between them.

    Landmarks are items that occur once in both lists. The work grows with the length of the lists and not with their
    product; what a limit leaves out is simply not paired.
    """
    if after < before:
        return [(i, j) for j, i in same_items(after, before)]
    found, budget = [], CELLS_AN_ITEM * (len(before) + len(after))
    gaps = [(0, len(before), 0, len(after), 0)]
    while gaps:
        low, high, start, end, depth = gaps.pop()
        while low < high and start < end and before[low] == after[start]:
            found.append((low, start))
            low, start = low + 1, start + 1
        while low < high and start < end and before[high - 1] == after[end - 1]:
            high, end = high - 1, end - 1
            found.append((high, end))
        if low == high or start == end:
            continue
        marks = landmarks(before, low, high, after, start, end) if depth < DEEPEST else []
        cells = (high - low) * (end - start)
        if marks:
            found += marks
            for i, j in [*marks, (high, end)]:
                gaps.append((low, i, start, j, depth + 1))
                low, start = i + 1, j + 1
        elif cells <= min(LARGEST_GAP, budget):
            budget -= cells
            blocks = SequenceMatcher(None, before[low:high], after[start:end], autojunk=False).get_matching_blocks()
            found += [(low + a + k, start + b + k) for a, b, size in blocks for k in range(size)]
    return sorted(found)


def landmarks(before, low, high, after, start, end):
    """Return the longest rising run of pairs among the items that occur once in both stretches."""
    ones = {item for item, count in Counter(before[low:high]).items() if count == 1}
    places = {}
    for j in range(start, end):
        if after[j] in ones:
            places[after[j]] = None if after[j] in places else j
    pairs = [(i, places[before[i]]) for i in range(low, high) if places.get(before[i]) is not None]
    return rising(pairs)


def rising(pairs):
    """Return the longest run of ``pairs``, which rise in their first place, that rises in the second too."""
    lasts, chain, back = [], [], [None] * len(pairs)
    for n, (_, j) in enumerate(pairs):
        at = bisect_left(lasts, j)
        back[n] = chain[at - 1] if at else None
        lasts[at:at + 1], chain[at:at + 1] = [j], [n]
    run, n = [], chain[-1] if chain else None
    while n is not None:
        run.append(pairs[n])
        n = back[n]
    return run[::-1]


class Words:
    """The words of a text, counted once, to say how alike it is to another."""

    def __init__(self, text):
        self.counts = Counter(text.split())
        self.total = sum(self.counts.values())

    def likeness(self, other):
        """Return the share of words that two texts have in common, from 0 to 1."""
        if not self.total or not other.total or min(self.total, other.total) * 2 < ALIKE * (self.total + other.total):
            return 0.0
        small, large = sorted((self.counts, other.counts), key=len)
        common = sum(min(count, large[word]) for word, count in small.items() if word in large)
        return 2 * common / (self.total + other.total)


def alike_items(before, after, kinds_before, kinds_after):
    """Return ``[(i, j)]``, rising in both, of texts that are alike enough to be one text that changed.

    Only texts of the same kind (paragraph, list item, row) are paired. Two long lists are paired in order, as far as they match.
    """
    if (after, kinds_after) < (before, kinds_before):
        return [(i, j) for j, i in alike_items(after, before, kinds_after, kinds_before)]
    left, right = [Words(text) for text in before], [Words(text) for text in after]

    def score(i, j):
        likeness = left[i].likeness(right[j]) if kinds_before[i] == kinds_after[j] else 0.0
        return likeness if likeness >= ALIKE else 0.0

    if len(before) * len(after) > LARGEST_GAP // 10:
        return [(i, i) for i in range(min(len(before), len(after))) if score(i, i)]
    return best_run(len(before), len(after), score)


def best_run(rows, columns, score):
    """Return the rising pairs whose scores add up to most."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    scores = [[score(i, j) for j in range(columns)] for i in range(rows)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    found, i, j = [], 0, 0
    while i < rows and j < columns:
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found
