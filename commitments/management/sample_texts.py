"""Texts of the two example declarations. Facts of 11 May 2022 (date, venue, who signed, the five directives) are from
published reports; every other wording is a proposal for DPPPA and Bagian Hukum, and the papers say so."""

VENUE = "Aula Nonon Sonthanie"

POINTS_2022 = [
    {
        "text": "mengintegrasikan perspektif gender ke dalam dokumen perencanaan dan penganggaran perangkat daerah, "
        "yaitu RPJMD, Renstra, Renja dan RKA;"
    },
    {
        "text": "menetapkan focal point pengarusutamaan gender pada setiap perangkat daerah dengan keputusan kepala "
        "perangkat daerah;"
    },
    {
        "text": "menyusun analisis gender (GAP), pernyataan anggaran gender (GBS) dan kerangka acuan kegiatan (KAK) "
        "serta mengalokasikan anggaran responsif gender;"
    },
    {"text": "menyediakan, memutakhirkan dan menggunakan data terpilah menurut jenis kelamin;"},
    {
        "text": "melaksanakan lima arahan Presiden di bidang pemberdayaan perempuan dan perlindungan anak sesuai tugas "
        "dan fungsi masing-masing, yaitu:",
        "sub_points": [
            "peningkatan pemberdayaan perempuan dalam kewirausahaan yang berperspektif gender;",
            "peningkatan peran ibu dan keluarga dalam pendidikan dan pengasuhan anak;",
            "penurunan kekerasan terhadap perempuan dan anak;",
            "penurunan pekerja anak; dan",
            "pencegahan perkawinan anak;",
        ],
    },
    {
        "text": "melaporkan pelaksanaan pengarusutamaan gender secara berkala kepada Kelompok Kerja PUG melalui Dinas "
        "Pemberdayaan Perempuan dan Perlindungan Anak; dan"
    },
    {"text": "menyukseskan penilaian Anugerah Parahita Ekapraya (APE) Tahun 2022 di Kota Bekasi."},
]

POINTS = [
    {"text": "mengintegrasikan perspektif gender dalam RPJMD, Renstra, Renja dan RKA perangkat daerah;"},
    {
        "text": "menunjuk focal point pengarusutamaan gender dengan surat keputusan dan memberi dukungan bagi "
        "pelaksanaan tugasnya;"
    },
    {
        "text": "menyusun GAP, GBS dan KAK serta mengalokasikan anggaran responsif gender secara memadai;",
    },
    {
        "text": "menyediakan, memutakhirkan dan menggunakan data terpilah menurut jenis kelamin dalam setiap "
        "perencanaan dan pelaporan;"
    },
    {
        "text": "mendukung, sesuai tugas dan fungsi masing-masing:",
        "sub_points": [
            "pemberdayaan perempuan;",
            "peran keluarga dalam pengasuhan anak; dan",
            "pencegahan kekerasan, pekerja anak dan perkawinan anak;",
        ],
    },
    {
        "text": "melaporkan pelaksanaan pengarusutamaan gender secara berkala kepada Kelompok Kerja PUG melalui Dinas "
        "Pemberdayaan Perempuan dan Perlindungan Anak; dan"
    },
    {"text": "meningkatkan capaian Kota Bekasi dalam Anugerah Parahita Ekapraya (APE)."},
]

BASIS_2022 = [
    "Undang-Undang Nomor 7 Tahun 1984 tentang Pengesahan Konvensi mengenai Penghapusan Segala Bentuk Diskriminasi "
    "terhadap Wanita;",
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;",
    "Instruksi Presiden Nomor 9 Tahun 2000 tentang Pengarusutamaan Gender dalam Pembangunan Nasional;",
    "Peraturan Menteri Dalam Negeri Nomor 15 Tahun 2008 tentang Pedoman Umum Pelaksanaan Pengarusutamaan Gender di "
    "Daerah, sebagaimana telah diubah dengan Peraturan Menteri Dalam Negeri Nomor 67 Tahun 2011.",
]
BASIS = [
    *[text.replace("Tahun 2011.", "Tahun 2011;") for text in BASIS_2022],
    "Peraturan Menteri Pemberdayaan Perempuan dan Perlindungan Anak Nomor 5 Tahun 2025 tentang Pemantauan dan Evaluasi "
    "Penyelenggaraan Pengarusutamaan Gender; dan",
    "Peraturan Daerah Kota Bekasi Nomor 5 Tahun 2024 tentang Pengarusutamaan Gender.",
]

# The demo's actions: title, indicator, unit, target, whether people benefit.
ACTIONS = (
    ("Penetapan SK focal point PUG", "SK yang terbit", "SK", 10, False),
    ("Pelatihan PUG bagi pegawai", "Pegawai yang dilatih", "orang", 60, True),
    ("Penyusunan GAP dan GBS program unggulan", "Dokumen yang selesai", "dokumen", 20, False),
    ("Penyediaan data terpilah layanan", "Tabel yang terpilah", "tabel", 40, False),
    ("Kelas pencegahan perkawinan anak", "Peserta kelas", "orang", 200, True),
    ("Ruang laktasi dan fasilitas ramah ibu dan anak", "Ruang yang berfungsi", "ruang", 10, False),
    ("Forum warga tentang layanan yang ramah perempuan", "Peserta forum", "orang", 120, True),
)
