"""Texts of one line: names and titles, which stand in subjects of mails and in lines of papers. And of several."""

from typing import Any

from django.db import models


def one_line(text: str) -> str:
    """Line breaks become blanks. A browser's <input> sends none; whoever sends them by hand means something else."""
    lines = text.splitlines()
    return " ".join(filter(None, map(str.strip, lines))) if len(lines) > 1 else text


class OneLineField(models.CharField):
    """Joins the lines of what is checked: every form, the admin, an import. What is stored and signed stays."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return one_line(text) if isinstance(text, str) else text

    def deconstruct(self) -> Any:
        """To the database and its migrations a column like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def plain_lines(text: str) -> str:
    """Lines end as in our files: a browser sends two characters for a line break, and a workbook gives back one."""
    return "\n".join(map(str.rstrip, text.strip().splitlines()))


class LinesField(models.TextField):
    """A text of several lines that leaves in a list and comes back as it was."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return plain_lines(text) if isinstance(text, str) else text

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
