"""The gazetteer: what it compiles, how it opens, and what a user's own file changes."""

import threading
from pathlib import Path

import pytest

from index.errors import BadSetting
from index.places.gazetteer import Gazetteer
from index.places.names import (
    fold,
    long_vowels_heard,
    skeleton,
    vowels_agree,
    vowels_written,
    without_articles,
)


@pytest.fixture(scope="module")
def cache(request: pytest.FixtureRequest) -> Path:
    """A folder that outlives the run: compiling takes some twenty seconds."""
    assert request.config.cache is not None
    return request.config.cache.mkdir("gazetteer")


def keys(gazetteer: Gazetteer, spelling: str) -> list[str]:
    return [candidate.key for candidate in gazetteer.named([spelling]).get(spelling, ())]


def test_marks_apostrophes_hyphens_and_spaces_do_not_count():
    assert fold("Dar‘ā") == fold("Dar'a") == fold("DARA") == "dara"
    assert fold("Saint-Étienne") == "saintetienne"
    assert fold("أعزاز") == "اعزاز"
    assert fold("الرقّة") == fold("الرقه")


def test_articles_are_cut_off_only_where_they_are_words():
    assert without_articles("Deir ez-Zor") == ("deirzor", False)
    assert without_articles("al-Bab") == ("bab", True)
    assert without_articles("Alep") == ("alep", False)


def test_transliterations_of_one_name_share_their_consonants():
    assert skeleton("Khasham") == skeleton("Khushām") == skeleton("خشام") == "XSm"
    assert skeleton("Deir Ezzor") == skeleton("Dayr az-Zawr") == skeleton("دير الزور")
    assert skeleton("Abu Kamal") == skeleton("Albu Kamal") == skeleton("البوكمال")


def test_names_of_the_sahel_are_sounded_the_french_way():
    assert skeleton("Bourzanga", "BF") == skeleton("بورزانغا", "BF") == "brznG"
    assert skeleton("Djibo", "BF") == skeleton("جيبو", "BF") == "jb"


def test_turkish_letters_are_sounded_as_arabic_hears_them():
    assert skeleton("Erciş", "TR") == skeleton("أرجيش", "TR")
    assert vowels_written("أرجيش", "ercis")


def test_a_long_vowel_that_is_not_heard_is_another_name():
    assert long_vowels_heard("القائم", "qaim")
    assert not long_vowels_heard("بيكورو", "baqubah")
    assert vowels_written("أريبيندا", "Aribinda")
    assert not vowels_written("مدرسة", "Madarissou")


def test_like_vowels_are_asked_for_besides():
    assert vowels_agree("Khasham", "Khushām")
    assert not vowels_agree("Maadan", "Medina")


def test_towns_are_found_under_the_spellings_of_three_languages(cache: Path):
    with Gazetteer.open(cache) as gazetteer:
        for spelling in ("aleppo", "alep", "حلب"):
            assert keys(gazetteer, spelling)[0] == "geonames:170063"
        for spelling in ("palmyra", "palmyre", "tadmur", "تدمر"):
            assert "geonames:163808" in keys(gazetteer, spelling)
        assert keys(gazetteer, "syrie") == keys(gazetteer, "سوريا") == ["country:SY"]


def test_a_spelling_is_passed_over_only_when_no_place_has_it(cache: Path):
    with Gazetteer.open(cache) as gazetteer:
        assert all(map(gazetteer.may_name, ("aleppo", "حلب", "~dirzur", "syrie")))
        unknown = [f"zzq{number}" for number in range(1_000)]
        assert sum(map(gazetteer.may_name, unknown)) < 100
        assert gazetteer.named(unknown) == {}


def test_names_known_before_stay_found_when_the_cache_is_begun_anew(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.places.gazetteer.CACHED_NAMES", 1)
    with Gazetteer.open(cache) as gazetteer:
        gazetteer.named(["aleppo", "homs"])
        assert sorted(gazetteer.named(["aleppo", "hama"])) == ["aleppo", "hama"]


def test_regions_know_their_seat_and_countries_their_neighbours(cache: Path):
    with Gazetteer.open(cache) as gazetteer:
        region = gazetteer.region("SY.07")
        assert region is not None
        assert (region.key, region.country) == ("region:SY.07", "SY")
        assert gazetteer.seat_of("SY.07") == "geonames:170794"
        assert gazetteer.neighbours("SY") == {"IQ", "JO", "IL", "TR", "LB"}


def test_a_machine_transliteration_is_not_a_name(cache: Path):
    # GeoNames lists "ni si" for Nice and "tdmr" for Tadmur.
    with Gazetteer.open(cache) as gazetteer:
        assert "geonames:2990440" not in keys(gazetteer, "nisi")
        assert keys(gazetteer, "tdmr") == []


def test_the_compiled_file_is_used_again(cache: Path):
    Gazetteer.open(cache).close()
    before = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    Gazetteer.open(cache).close()
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == before
    assert not [name for name in before if name.endswith(".tmp")]


def test_the_wait_for_compiling_is_announced(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    Gazetteer.open(cache).close()
    assert capsys.readouterr().err == ""
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    # The announcement comes before the work, which here cannot begin.
    with pytest.raises(FileExistsError):
        Gazetteer.open(blocked)
    assert capsys.readouterr().err == "preparing the gazetteer, once: about 20 s\n"


def test_several_threads_read_one_gazetteer(cache: Path):
    found: list[list[str]] = []
    with Gazetteer.open(cache) as gazetteer:
        readers = [threading.Thread(target=lambda: found.append(keys(gazetteer, "idlib"))) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert [each[0] for each in found] == ["geonames:169389"] * 8


def test_a_users_place_wins_over_geonames(cache: Path, tmp_path: Path):
    extra = tmp_path / "gazetteer.csv"
    extra.write_text(
        "name,lat,lon,aliases,within\nHoms,10.5,20.25,Depot Nine;مستودع,Test Valley;TD\n", encoding="utf-8"
    )
    with Gazetteer.open(cache, extra) as gazetteer:
        (homs,) = gazetteer.named(["homs"])["homs"]
        assert (homs.key, homs.lat, homs.lon, homs.country, homs.within) == (
            "user:homs",
            10.5,
            20.25,
            "TD",
            ("Test Valley",),
        )
        assert keys(gazetteer, "depotnine") == keys(gazetteer, "مستودع") == ["user:homs"]
        assert gazetteer.may_name("depotnine")
        assert keys(gazetteer, "hama")[0] == "geonames:170017"


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("name,lat,lon\nHill,91,3\n", r"gazetteer\.csv: line 2: lat is '91'"),
        ("name,lat,lon\nHill,9,3\nDale,9,east\n", r"gazetteer\.csv: line 3: lon is 'east'"),
        ("name,lat,lon\n,9,3\n", r"gazetteer\.csv: line 2 has no name"),
        ("name,lat,lon\nA, B,9,3\n", r"gazetteer\.csv: line 2 has 4 cells"),
        ("place,y,x\n", r"gazetteer\.csv: line 1 is 'place,y,x'"),
    ],
)
def test_a_bad_line_of_a_users_file_is_named(cache: Path, tmp_path: Path, lines: str, complaint: str):
    extra = tmp_path / "gazetteer.csv"
    extra.write_text(lines, encoding="utf-8")
    with pytest.raises(BadSetting, match=complaint):
        Gazetteer.open(cache, extra)


def test_a_users_file_that_is_missing_is_named(cache: Path, tmp_path: Path):
    with pytest.raises(BadSetting, match=r"nowhere\.csv: cannot read"):
        Gazetteer.open(cache, tmp_path / "nowhere.csv")
