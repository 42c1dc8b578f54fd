"""Reprints count as one source; two outlets on the same event do not."""

import random

from index.copies import COPY_SHARE, pack, shared_share, sketch, unpack

WIRE = (
    "At least 29 fighters were killed in clashes overnight during a failed bid to reopen the main supply route into "
    "the city, a monitor said on Sunday. The fighters were killed trying to reopen the road which the army cut on "
    "Thursday. Residents said that prices had doubled within a day and that bakeries had closed. The governor called "
    "on families to stay at home until the road was cleared of mines by the engineers."
)


def test_a_reprint_with_a_new_opening_and_a_cut_ending_is_a_copy() -> None:
    reprint = "Our correspondent reports from the capital. " + WIRE[: int(len(WIRE) * 0.8)]
    assert shared_share(sketch(WIRE), sketch(reprint)) >= COPY_SHARE


def test_case_accents_and_punctuation_do_not_matter() -> None:
    assert shared_share(sketch("Été à Homs, hier soir tard."), sketch("ete a homs hier SOIR tard")) == 1.0


def test_another_account_of_the_same_event_is_not_a_copy() -> None:
    other = (
        "Opposition groups lost 29 men on Saturday night as they tried to win back the road that feeds the city. The "
        "observatory, which counts casualties, said the army had held the route since Thursday; bread is scarce."
    )
    assert shared_share(sketch(WIRE), sketch(other)) < COPY_SHARE / 2


def test_the_estimate_is_close_to_the_true_share() -> None:
    words = random.Random(7).choices([f"w{n}" for n in range(5_000)], k=2_000)
    half = " ".join(words[:1_000])
    assert abs(shared_share(sketch(" ".join(words)), sketch(half)) - 1.0) < 0.2


def test_a_sketch_survives_storage() -> None:
    before = sketch(WIRE)
    after = unpack(pack(before))
    assert (after.hashes == before.hashes).all()
    assert after.shingles == before.shingles
