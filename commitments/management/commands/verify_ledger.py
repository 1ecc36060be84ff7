import json
import sys

from django.core.management.base import BaseCommand

from commitments import chain
from commitments.models import Declaration


class Command(BaseCommand):
    help = "Periksa rantai riwayat setiap naskah terhadap semua barisnya. Keluar 1 bila ada yang tidak cocok."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--declaration", type=int, help="only this declaration's id")

    def handle(self, *, declaration, **options):
        declarations = Declaration.objects.order_by("pk")
        if declaration:
            declarations = declarations.filter(pk=declaration)
        faults = [fault for each in declarations.iterator() for fault in chain.verify(each)]
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not faults, "faults": [vars(fault) for fault in faults]}))
        else:
            for fault in faults:
                self.stdout.write(str(fault))
            self.stdout.write("Riwayat utuh." if not faults else f"{len(faults)} hal tidak cocok.")
        if faults:
            sys.exit(1)
