"""Comments, posts, mentions and reviews on Facebook, and comments on Instagram."""

from datetime import datetime

import pytest

from signpost.channels.events import Deleted, Edited, Noted, Said
from signpost.channels.meta import read

PAGE, PROFILE, PERSON = "20011", "17841400000000011", "70021"
COMMENT, POST = "555_777", f"{PAGE}_555"
WRITTEN = datetime(2026, 9, 21, 14, 13, 20)  # noqa: DTZ001  # the record keeps UTC without a zone
NOTICED = datetime(2026, 9, 21, 14, 14, 20)  # noqa: DTZ001  # the record keeps UTC without a zone


def on_page(field: str = "feed", **value) -> object:
    given = {"from": {"id": PERSON, "name": "Pat"}, "created_time": 1790000000, **value}
    change = {"field": field, "value": {name: one for name, one in given.items() if one is not ...}}
    (event,) = read({"object": "page", "entry": [{"id": PAGE, "time": 1790000060, "changes": [change]}]})
    return event


def comment(verb: str = "add", **value) -> dict:
    return {"item": "comment", "verb": verb, "comment_id": COMMENT, "post_id": POST, "parent_id": POST, **value}


def visitor_post(item: str = "post", verb: str = "add", **value) -> dict:
    return {"item": item, "verb": verb, "post_id": POST, **value}


def on_profile(field: str = "comments", **value) -> object:
    given = {"id": "18000000000000001", "text": "who do I tell?", "from": {"id": PERSON}, "media": {"id": "1"}, **value}
    change = {"field": field, "value": {name: one for name, one in given.items() if one is not ...}}
    (event,) = read({"object": "instagram", "entry": [{"id": PROFILE, "time": 1790000060, "changes": [change]}]})
    return event


# Facebook


def test_a_comment_is_what_the_person_wrote():
    assert on_page(**comment(message="somebody is in next door's garden")) == Said(
        "facebook_comment", PAGE, PERSON, COMMENT, "somebody is in next door's garden", "text", WRITTEN
    )


def test_a_comment_whose_writer_is_withheld_is_read_all_the_same():
    said = on_page(**comment(message="help", **{"from": ...}))
    assert (said.person, said.text) == ("", "help")


@pytest.mark.parametrize("writer", [None, [], "70021", {"id": None}, {"id": True}, {"name": "Pat"}])
def test_a_writer_that_cannot_be_read_is_withheld(writer):
    assert on_page(**comment(message="help", **{"from": writer})).person == ""


@pytest.mark.parametrize("item", ["post", "status", "photo", "video", "share"])
def test_a_visitors_post_is_read_under_its_own_id(item):
    said = on_page(**visitor_post(item, message="my van is gone"))
    assert (said.channel, said.platform_id, said.text) == ("facebook_comment", POST, "my van is gone")


@pytest.mark.parametrize("thing", [comment(photo="u"), visitor_post("photo", link="u"), visitor_post("video")])
def test_a_picture_without_words_is_an_attachment(thing):
    said = on_page(**thing)
    assert (said.kind, said.text) == ("attachment", "")


@pytest.mark.parametrize("owner", [PAGE, int(PAGE)])
@pytest.mark.parametrize(
    "thing",
    [
        comment(message="Thanks all"),
        comment("edited", message="Thanks all"),
        visitor_post("status", message="Appeal for witnesses"),
        visitor_post("photo"),
        visitor_post("post", "edit", message="Appeal for witnesses"),
    ],
)
def test_what_the_page_itself_writes_is_never_answered(owner, thing):
    assert on_page(**thing, **{"from": {"id": owner}}) == Noted("own", PAGE)


@pytest.mark.parametrize("verb", ["edited", "edit"])
@pytest.mark.parametrize(("thing", "platform_id"), [(comment, COMMENT), (visitor_post, POST)])
def test_an_edited_comment_or_post_is_told_from_others_by_its_words(verb, thing, platform_id):
    edited = on_page(**thing(verb=verb, message="he has a knife"))
    other = on_page(**thing(verb=verb, message="he has gone"))
    assert edited == Edited("facebook_comment", PAGE, PERSON, platform_id, edited.revision, "he has a knife", WRITTEN)
    assert len(edited.revision) == 12
    assert set(edited.revision) <= set("0123456789abcdef")
    assert edited.revision != other.revision


def test_an_edit_that_leaves_no_words_is_counted():
    assert on_page(**visitor_post("photo", "edited")) == Noted("feed_without_text", PAGE)


@pytest.mark.parametrize(
    ("thing", "platform_id"), [(comment("remove"), COMMENT), (visitor_post("photo", "remove"), POST)]
)
@pytest.mark.parametrize("who", [PERSON, PAGE])
def test_what_is_removed_is_deleted_whoever_removed_it(thing, platform_id, who):
    assert on_page(**thing, **{"from": {"id": who}}) == Deleted("facebook_comment", PAGE, platform_id)


@pytest.mark.parametrize("verb", ["hide", "unhide", "block", "unblock", "mute"])
def test_hiding_a_comment_is_counted_and_takes_nothing_back(verb):
    assert on_page(**comment(verb, message="still here")) == Noted(f"feed_{verb}", PAGE)


@pytest.mark.parametrize("verb", ["add", "edit", "remove"])
@pytest.mark.parametrize("item", ["reaction", "like", "album", "event"])
def test_reactions_likes_and_albums_are_counted_and_take_nothing_back(item, verb):
    assert on_page(item=item, verb=verb, post_id=POST, comment_id=COMMENT) == Noted(f"feed_{item}", PAGE)


@pytest.mark.parametrize("wrong", [{"item": []}, {"item": None}, {"item": "Ä"}, {"verb": None}, {"verb": {}}])
def test_a_change_with_odd_names_is_counted_as_unknown(wrong):
    assert on_page(**{**comment(message="x"), **wrong}) == Noted("feed_unknown", PAGE)


@pytest.mark.parametrize("thing", [comment(comment_id=None), comment(comment_id=[]), visitor_post(post_id=1.5)])
def test_a_comment_without_its_id_is_incomplete(thing):
    assert on_page(**{**thing, "message": "x"}) == Noted("incomplete", PAGE)


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_a_change_without_a_value_is_counted(value):
    body = {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed", "value": value}]}]}
    assert read(body) == [Noted("feed_unknown", PAGE)]


@pytest.mark.parametrize("created", [..., None, "soon", 2222222])
def test_a_comment_without_a_time_was_written_when_meta_told_of_it(created):
    assert on_page(**comment(message="x", created_time=created)).sent_at == NOTICED


def test_a_time_may_be_an_iso_text():
    assert on_page(**comment(message="x", created_time="2026-09-21T14:13:20+0000")).sent_at == WRITTEN


# Mentions and reviews


@pytest.mark.parametrize(("thing", "platform_id"), [(comment, COMMENT), (visitor_post, "999_555")])
def test_a_mention_of_the_page_elsewhere_is_read_like_a_comment(thing, platform_id):
    said = on_page("mention", **{**thing(message="is this you?"), "post_id": "999_555"})
    assert (said.channel, said.platform_id, said.text) == ("facebook_comment", platform_id, "is this you?")


def test_a_mention_without_words_is_counted():
    assert on_page("mention", **visitor_post()) == Noted("mention_without_text", PAGE)


def test_a_mention_by_the_page_itself_is_never_answered():
    assert on_page("mention", **visitor_post(message="us"), **{"from": {"id": PAGE}}) == Noted("own", PAGE)


def test_a_review_with_words_is_read():
    review = {
        "item": "rating",
        "verb": "add",
        "open_graph_story_id": 904801,
        "reviewer_id": 70021,
        "review_text": "slow",
    }
    said = on_page("ratings", **review, **{"from": ...})
    assert (said.platform_id, said.person, said.text) == ("904801", "70021", "slow")


def test_a_review_that_is_changed_or_removed_is_an_edit_or_a_deletion():
    review = {"item": "rating", "open_graph_story_id": "904801", "review_text": "slower"}
    assert isinstance(on_page("ratings", verb="edit", **review), Edited)
    assert on_page("ratings", verb="remove", **review) == Deleted("facebook_comment", PAGE, "904801")


def test_stars_without_words_are_counted():
    stars = {"item": "rating", "verb": "add", "open_graph_story_id": "904801", "review_text": None, "rating": 1}
    assert on_page("ratings", **stars) == Noted("ratings_without_text", PAGE)


def test_a_comment_under_a_review_is_a_comment():
    assert on_page("ratings", **comment(message="me too")).platform_id == COMMENT


def test_a_reaction_to_a_review_is_counted():
    assert on_page("ratings", item="reaction", verb="add", open_graph_story_id=1) == Noted("ratings_reaction", PAGE)


# Instagram


@pytest.mark.parametrize("field", ["comments", "live_comments"])
def test_a_comment_on_instagram_is_what_the_person_wrote(field):
    assert on_profile(field) == Said(
        "instagram_comment", PROFILE, PERSON, "18000000000000001", "who do I tell?", "text", NOTICED
    )


def test_a_comment_on_instagram_whose_writer_is_withheld_is_read_all_the_same():
    assert on_profile(**{"from": ...}).person == ""


def test_a_comment_on_instagram_without_words_is_an_attachment():
    said = on_profile(text=...)
    assert (said.kind, said.text) == ("attachment", "")


def test_a_comment_by_the_account_itself_is_never_answered():
    assert on_profile(**{"from": {"id": PROFILE, "self_ig_scoped_id": "1"}}) == Noted("own", PROFILE)


def test_a_comment_on_instagram_without_its_id_is_incomplete():
    assert on_profile(id=...) == Noted("incomplete", PROFILE)


def test_a_mention_elsewhere_on_instagram_has_no_words_and_is_counted():
    assert on_profile("mentions", media_id="9", comment_id="4") == Noted("mention", PROFILE)


def test_a_comment_told_of_twice_has_the_same_id_twice():
    first, second = on_profile(), on_profile(media={"id": "2", "ad_id": "3", "original_media_id": "1"})
    assert first.platform_id == second.platform_id
