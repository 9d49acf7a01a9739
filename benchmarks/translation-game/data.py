"""Pairs for `sft --pairs` and triples for the translation game, from Tatoeba's French-English and German-English files
(https://www.manythings.org/anki: fra.txt, deu.txt).

    python3 data.py FRA_TXT DEU_TXT OUT

Pairs have at most 14 English words. A pair is held out if crc32 of its English sentence, in lower case and without
anything but letters and digits, is 0 modulo 40: the same rule for both languages, so that no English sentence of a
held-out pair is trained on by either model. Triples are held-out English that both files have. Standard library only.
"""
import os
import random
import re
import sys
import zlib


def key(english):
    return re.sub(r'[^a-z0-9]+', ' ', english.lower()).strip()


def is_held_out(english):
    return zlib.crc32(key(english).encode()) % 40 == 0


def clean(sentence):
    spaced = sentence.replace('\u202f', ' ').replace('\u00a0', ' ').replace('"', '')
    return re.sub(r'\s+', ' ', spaced).strip()


def read(file):
    """(English, other) of each line, each once, in the order of the file."""
    pairs = {}
    with open(file, encoding='utf-8') as lines:
        for line in lines:
            english, other = (clean(s) for s in line.rstrip('\n').split('\t')[:2])
            is_comment = english.startswith('#') or other.startswith('#')
            if english and other and not is_comment and len(english.split()) <= 14:
                pairs[english, other] = None
    return list(pairs)


def write(folder, name, header, rows):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
        for row in [header] + rows:
            file.write('\t'.join(row) + '\n')
    print(name, len(rows))


def write_pairs(folder, name, pairs):
    """`pairs` with their English sentence, which decides what is held out, in front."""
    shuffled = random.Random(1)
    train = [pair for english, pair in pairs if not is_held_out(english)]
    held = [pair for english, pair in pairs if is_held_out(english)]
    shuffled.shuffle(train)
    shuffled.shuffle(held)
    prompts = {prompt for prompt, _ in held}
    train = [pair for pair in train if pair[0] not in prompts]
    write(folder, name + '-train.tsv', ('prompt', 'response'), train)
    write(folder, name + '-held.tsv', ('prompt', 'response'), held)


def triples(french, german):
    """Held-out (French, English, German), one of each English and French sentence."""
    by_english = [{}, {}]
    for sentences, pairs in zip(by_english, (french, german)):
        for english, other in pairs:
            sentences.setdefault(english, []).append(other)
    drawn = random.Random(2)
    both = sorted(e for e in set(by_english[0]) & set(by_english[1]) if is_held_out(e))
    chosen = [(drawn.choice(by_english[0][e]), e, drawn.choice(by_english[1][e])) for e in both]
    seen, unique = set(), []
    for fr, en, de in chosen:
        if key(en) not in seen and fr not in seen:
            seen.update((key(en), fr))
            unique.append((fr + ' =>', en, de))
    drawn.shuffle(unique)
    return unique


def main(french_file, german_file, folder):
    os.makedirs(folder, exist_ok=True)
    french, german = read(french_file), read(german_file)
    write_pairs(folder, 'fr-en', [(en, (fr, en)) for en, fr in french])
    write_pairs(folder, 'en-de', [(en, (en, de)) for en, de in german])
    game = triples(french, german)
    write(folder, 'tatoeba-eval.tsv', ('prompt', 'en', 'de'), game[:200])
    write(folder, 'tatoeba-train.tsv', ('prompt', 'en', 'de'), game[200:])


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
