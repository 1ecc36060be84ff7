import json

from django.core.management.base import BaseCommand

from commitments.management import sample_logins


class Command(BaseCommand):
    help = "Sebutkan satu akun contoh untuk setiap peran."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, **options):
        rows = sample_logins.logins()
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        self.stdout.write("Akun contoh:")
        for row in rows:
            self.stdout.write(f"  {row['username']:<10}  {row['password']}  {row['role']}")
            if "totp_secret" in row:
                secret = row["totp_secret"]
                self.stdout.write(
                    f"  {'':<10}  kode {sample_logins.code_of(secret)}, atau untuk aplikasi: {secret}"
                )
        self.stdout.write("Kode berganti setiap 30 detik; yang sekarang: manage.py demo_logins")
