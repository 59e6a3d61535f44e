"""Writes tfidf.txt for TextFeaturesTest: tf-idf of words and pairs of words by scikit-learn.

Run with scikit-learn 1.2.1: python3 tfidf_golden.py > ../resources/io/logits/features/tfidf.txt
Lines: "text<TAB>TEXT" for each text, then "SUBLINEAR<TAB>row<TAB>term<TAB>value" for each entry that is not 0.
"""

from sklearn.feature_extraction.text import TfidfVectorizer

TEXTS = [
    "Free money! Free, free money now.",
    "The meeting is now at 10:30; money is not the topic.",
    "the CAT sat on the mat, the cat sat",
    "Größe und Länge: die größe der Länge",
    "",
    "die Größe is not the money",
    "кот сидит. Кот спит; cat sat",
    "a b a b a",
    "now at 10 the cat is a b",
]

for text in TEXTS:
    print("text", text, sep="\t")
for sublinear in (False, True):
    vectorizer = TfidfVectorizer(token_pattern=r"[^\W_]+", ngram_range=(1, 2), min_df=2, sublinear_tf=sublinear)
    matrix = vectorizer.fit_transform(TEXTS).tocoo()
    names = vectorizer.get_feature_names_out()
    for row, column, value in sorted(zip(matrix.row, matrix.col, matrix.data)):
        print(str(sublinear).lower(), row, names[column], repr(float(value)), sep="\t")
