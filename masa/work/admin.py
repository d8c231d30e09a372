"""Where Django looks for the tables of the register; see masa/work/register."""
from masa.work.register import partners

__all__ = ["partners"]
