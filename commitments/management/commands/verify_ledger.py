import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from commitments import chain
from commitments.documents import heads
from commitments.models import Declaration


class Command(BaseCommand):
    help = (
        "Periksa rantai riwayat setiap naskah terhadap semua barisnya dan terhadap ujung riwayat yang dibawa berkas "
        "PDF tersimpan. Keluar 1 bila ada yang tidak cocok."
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
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not faults, "faults": [asdict(fault) for fault in faults]}))
        else:
            for fault in faults:
                self.stdout.write(str(fault))
            self.stdout.write("Riwayat utuh." if not faults else f"{len(faults)} hal tidak cocok.")
        if faults:
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
