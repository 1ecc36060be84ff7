from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Never guesses a translation by likeness: a guess would be shown to people."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
