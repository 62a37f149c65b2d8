"""Atom feeds (RFC 4287): what a reader subscribes to, written from frozen values."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass

ATOM = "http://www.w3.org/2005/Atom"
MIDNIGHT = "T00:00:00Z"


@dataclass(frozen=True)
class Link:
    """A link of a feed or of an entry; ``length`` in octets where it is a file."""

    rel: str
    href: str
    type: str
    hreflang: str = ""
    length: int = 0


@dataclass(frozen=True)
class Item:
    """An entry; ``key`` makes its permanent identifier, ``updated`` and ``published`` are ISO 8601 dates."""

    key: str
    title: str
    updated: str
    published: str
    summary: str
    links: tuple[Link, ...]
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A feed in a language, newest entry first; ``updated`` (ISO 8601 date) where it has no entry."""

    key: str
    lang: str
    title: str
    subtitle: str
    author: str
    rights: str
    updated: str
    links: tuple[Link, ...]
    items: tuple[Item, ...]


def write(feed: Feed) -> bytes:
    """The feed as XML, the same bytes for the same feed."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.lang})
    _add(root, "id", identifier(feed.key))
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", max((item.updated for item in feed.items), default=feed.updated) + MIDNIGHT)
    _add(ET.SubElement(root, "author"), "name", feed.author)
    _add(root, "rights", feed.rights)
    _link(root, feed.links)
    for item in feed.items:
        _entry(ET.SubElement(root, "entry"), item)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def identifier(key: str) -> str:
    """A permanent identifier, the same wherever the feed is served (RFC 4122, name-based)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"observatoire-plan-crack/{key}").urn


def _entry(node: ET.Element, item: Item) -> None:
    _add(node, "id", identifier(item.key))
    _add(node, "title", item.title)
    _add(node, "updated", item.updated + MIDNIGHT)
    _add(node, "published", item.published + MIDNIGHT)
    _link(node, item.links)
    for term in item.categories:
        ET.SubElement(node, "category", {"term": term})
    _add(node, "summary", item.summary)


def _add(node: ET.Element, name: str, text: str) -> None:
    ET.SubElement(node, name).text = text


def _link(node: ET.Element, links: tuple[Link, ...]) -> None:
    for link in links:
        told = {"rel": link.rel, "href": link.href, "type": link.type}
        told |= {"hreflang": link.hreflang} if link.hreflang else {}
        told |= {"length": str(link.length)} if link.length else {}
        ET.SubElement(node, "link", told)
