"""The SQL of one batch, for SQLite and PostgreSQL alike. What comes in stands in temporary tables."""

from __future__ import annotations

from typing import Final

OLDER: Final = """
DELETE FROM incoming WHERE EXISTS (
    SELECT 1 FROM directory_specialist s
    WHERE s.registry = incoming.registry AND s.number = incoming.number
        AND (s.updated > incoming.updated OR s.deactivated > incoming.updated))"""
PLACES: Final = """
INSERT INTO directory_place (country, code, city, town, state, latitude, longitude)
SELECT i.country, i.code, min(i.city), min(i.town), min(i.state), min(i.latitude), min(i.longitude)
FROM incoming i
WHERE i.code <> ''
    AND NOT EXISTS (SELECT 1 FROM directory_place p WHERE p.country = i.country AND p.code = i.code)
GROUP BY i.country, i.code"""
PEOPLE: Final = """
INSERT INTO directory_specialist (registry, number, kind, name, sort_name, credential, street, city, state,
    postal_code, country, phone, listed, updated, place_id, deactivated)
SELECT i.registry, i.number, i.kind, i.name, i.sort_name, i.credential, i.street, i.city, i.state,
    i.postal_code, i.country, i.phone, i.listed, i.updated, p.id, NULL
FROM incoming i LEFT JOIN directory_place p ON p.country = i.country AND p.code = i.code
WHERE true
ORDER BY i.registry, i.number
ON CONFLICT (registry, number) DO UPDATE SET kind = excluded.kind, name = excluded.name,
    sort_name = excluded.sort_name, credential = excluded.credential, street = excluded.street,
    city = excluded.city, state = excluded.state, postal_code = excluded.postal_code, country = excluded.country,
    phone = excluded.phone, listed = excluded.listed, updated = excluded.updated, place_id = excluded.place_id,
    deactivated = NULL"""
NO_PROFESSIONS: Final = """
DELETE FROM directory_profession WHERE specialist_id IN (
    SELECT s.id FROM directory_specialist s
    JOIN incoming i ON s.registry = i.registry AND s.number = i.number)"""
PROFESSIONS: Final = """
INSERT INTO directory_profession (specialist_id, place_id, "group", code, "primary", leads, licence, licence_state)
SELECT s.id, s.place_id, h.group_id, h.code, h.is_primary, h.leads, h.licence, h.licence_state
FROM incoming i
JOIN directory_specialist s ON s.registry = i.registry AND s.number = i.number
JOIN incoming_held h ON h.registry = i.registry AND h.number = i.number
ORDER BY s.id, h.rank"""
NO_LANGUAGES: Final = """
DELETE FROM directory_offer WHERE kind = 'language' AND from_file AND specialist_id IN (
    SELECT s.id FROM directory_specialist s
    JOIN incoming i ON s.registry = i.registry AND s.number = i.number)"""
LANGUAGES: Final = """
INSERT INTO directory_offer (specialist_id, kind, value, from_file)
SELECT s.id, 'language', l.language, true
FROM incoming i
JOIN directory_specialist s ON s.registry = i.registry AND s.number = i.number
JOIN incoming_spoken l ON l.registry = i.registry AND l.number = i.number
WHERE true
ON CONFLICT (specialist_id, kind, value) DO NOTHING"""
NEWER: Final = """
DELETE FROM incoming_gone WHERE EXISTS (
    SELECT 1 FROM directory_specialist s
    WHERE s.registry = incoming_gone.registry AND s.number = incoming_gone.number AND s.updated > incoming_gone.day)"""
DEACTIVATED: Final = """
UPDATE directory_specialist SET deactivated = (
    SELECT g.day FROM incoming_gone g
    WHERE g.registry = directory_specialist.registry AND g.number = directory_specialist.number)
WHERE id IN (
    SELECT s.id FROM directory_specialist s
    JOIN incoming_gone g ON s.registry = g.registry AND s.number = g.number)"""
LEFT: Final = """
DELETE FROM directory_profession WHERE specialist_id IN (
    SELECT s.id FROM directory_specialist s
    JOIN incoming_gone g ON s.registry = g.registry AND s.number = g.number)"""

LISTINGS: Final = (OLDER, PLACES, PEOPLE, NO_PROFESSIONS, PROFESSIONS, NO_LANGUAGES, LANGUAGES)
DEACTIVATIONS: Final = (NEWER, DEACTIVATED, LEFT)
