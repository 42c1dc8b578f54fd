"""Of a tab that is closed nothing is kept but what its question still needs."""

from types import SimpleNamespace

from assistant.page.leaving import forget


def test_a_session_without_a_question_is_forgotten_and_others_stay():
    queue = SimpleNamespace(
        pending_messages_per_session={"gone": ["told"], "asking": [], "other": []},
        pending_event_ids_session={"gone": set[str](), "asking": {"question"}},
    )

    for session in ("gone", "asking", "never seen"):
        forget(queue, session)

    assert queue.pending_messages_per_session == {"asking": [], "other": []}
    assert queue.pending_event_ids_session == {"asking": {"question"}}
