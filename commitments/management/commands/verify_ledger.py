import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from commitments import chain, journal
from commitments.documents import heads
from commitments.models import Declaration, Plan


class Command(BaseCommand):
    help = (
        "Periksa rantai riwayat setiap naskah dan setiap rencana aksi terhadap semua barisnya, dan terhadap ujung "
        "riwayat yang dibawa berkas PDF tersimpan. Keluar 1 bila ada yang tidak cocok."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument(
            "--declaration", type=int, help="only this declaration's id, and no stored papers"
        )
        parser.add_argument(
            "--against",
            nargs="+",
            default=[],
            metavar="FILE",
            help="also these sealed PDF or bukti.json files",
        )

    def handle(self, *, declaration, against, **options):
        faults = [fault for each in _declarations(declaration) for fault in chain.verify(each)]
        if not declaration:
            faults += heads.faults_of(heads.stored_papers())
        faults += heads.faults_of(_given(against))
        plans = (
            [] if declaration else [fault for plan in Plan.objects.all() for fault in journal.faults_of(plan)]
        )
        number = len(faults) + len(plans)
        if options["json"]:
            told = {"ok": not number, "faults": [asdict(fault) for fault in faults], "plans": plans}
            self.stdout.write(json.dumps(told))
        else:
            for fault in [*faults, *plans]:
                self.stdout.write(str(fault))
            self.stdout.write("Riwayat utuh." if not number else f"{number} hal tidak cocok.")
        if number:
            sys.exit(1)


def _declarations(pk: int | None):
    declarations = Declaration.objects.order_by("pk")
    return declarations.filter(pk=pk) if pk else declarations.iterator()


def _given(names: list[str]):
    for name in names:
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"{name} tidak dapat dibaca: {error.strerror}.") from error
        if heads.evidence_in(content) is None:
            raise CommandError(f"{name} bukan bukti.json dan tidak memuatnya.")
        yield name, content
