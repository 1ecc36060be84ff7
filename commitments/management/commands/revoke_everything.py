from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from commitments import one_time
from commitments.inviting.verbs import end_all_links


class Command(BaseCommand):
    help = (
        "Akhiri semua sesi, tautan pribadi, kode sekali pakai, dan tautan kata sandi yang sudah dikirim, misalnya "
        "setelah kebocoran. Tidak ada tanda tangan, naskah, atau kata sandi yang berubah."
    )

    @transaction.atomic
    def handle(self, **options):
        links, codes = end_all_links(), one_time.end_all()
        sessions = Session.objects.filter(expire_date__gt=timezone.now()).count()
        Session.objects.all().delete()
        UserSession.objects.all().delete()
        # A link for a new password is signed over the time of the last login: with a new time no link of before opens.
        User.objects.update(last_login=timezone.now())
        cache.clear()
        self.stdout.write(
            f"{sessions} sesi, {links} tautan pribadi, dan {codes} kode sekali pakai diakhiri. Semua orang perlu "
            "masuk lagi; tautan kata sandi lama tidak berlaku."
        )
