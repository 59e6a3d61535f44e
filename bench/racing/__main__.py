"""bench/race DATASET: prepares a data set and says where it is."""
import argparse
import sys

from racing import datasets


def main():
    parser = argparse.ArgumentParser(prog="bench/race")
    parser.add_argument("dataset", help="one of " + ", ".join(datasets.NAMES) + ", or a file: svmlight, CSV, IDX")
    parser.add_argument("--labels", help="the labels of an IDX file of images")
    options = parser.parse_args()
    try:
        data = datasets.prepare(options.dataset, options.labels)
    except OSError as e:
        sys.exit(f"race: {e}")
    print(data.folder, data.about)


if __name__ == "__main__":
    main()
