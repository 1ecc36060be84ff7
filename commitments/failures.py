"""Why a mail or a paper failed: a row keeps only the kind, which is the name of an exception or of our own; people
read a sentence."""

from django.utils.translation import gettext_lazy as _

STORAGE = _("tempat penyimpanan berkas tidak dapat ditulisi")
SERVER = _("server surat tidak dapat dihubungi")
IN_WORDS = {
    # Of mails
    "NobodyToSendTo": _("belum ada alamat yang dapat dikirimi"),
    "ConnectionRefusedError": SERVER,
    "ConnectionResetError": SERVER,
    "SMTPConnectError": SERVER,
    "SMTPServerDisconnected": SERVER,
    "TimeoutError": SERVER,
    "gaierror": SERVER,
    "SMTPAuthenticationError": _("server surat menolak nama atau kata sandinya"),
    "SMTPRecipientsRefused": _("server surat menolak alamat penerimanya"),
    "SMTPSenderRefused": _("server surat menolak alamat pengirimnya"),
    "LinkEnded": _("tautannya sudah berakhir sebelum surat dikirim"),
    "Forgotten": _("data penerimanya dilupakan"),
    # Of papers
    "HistoryMoved": _("riwayat bertambah selagi naskah dibuat"),
    "MemoryError": _("memori server tidak cukup"),
    "SealBroken": _("segel yang baru dibubuhkan tidak terbukti sah"),
    "TimestampFailed": _("otoritas stempel waktu tidak menjawab dengan benar"),
    "WorkerDied": _("pembuatannya berkali-kali terhenti di tengah jalan"),
    "FileExistsError": STORAGE,
    "FileNotFoundError": STORAGE,
    "NotADirectoryError": STORAGE,
    "OSError": STORAGE,
    "PermissionError": STORAGE,
}
OTHER = _("kesalahan lain")


def in_words(kind: str) -> str:
    """A sentence that was stored, as by who released a mail, is told as it is."""
    return str(IN_WORDS.get(kind, OTHER)) if kind.isidentifier() else kind
