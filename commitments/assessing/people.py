"""Women and men, counted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class People:
    men: int
    women: int
    unsplit: int = 0

    @property
    def total(self) -> int:
        return self.men + self.women + self.unsplit

    @property
    def women_of_100(self) -> float:
        split = self.men + self.women
        return round(100 * self.women / split, 1) if split else 0

    @property
    def men_of_100(self) -> float:
        return round(100 - self.women_of_100, 1) if self.men or self.women else 0
