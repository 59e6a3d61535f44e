"""Facts about what is told of a race."""
import unittest

from racing import course, outcome

RESULTS = {
    "race": "some", "rows": 10, "features": 2, "classes": 2, "goal": 1e-6, "C": 1.0, "lambdas": (), "minima": [0.5],
    "minimum_known_to": 1e-12, "intercept": True, "threads": 2, "rounds": 3, "limit": 60,
    "machine": {"processor": "a processor", "processors": 2},
}


def point(effort, seconds, distance, passes=None):
    return {"effort": effort, "read": None, "fit": seconds, "total": seconds, "cpu": seconds, "peak_bytes": 1e6,
            "passes": passes, "suboptimality": distance}


class OutcomeTest(unittest.TestCase):
    def rows(self, *contestants):
        return list(outcome.rows(RESULTS | {"contestants": contestants}))

    def test_a_peer_is_told_in_times_of_ours(self):
        ours = {"name": "logits", "counts": "1e-6", "points": [point("1e-6", 2.0, 1e-7, 9)], "failures": []}
        peer = {"name": "peer", "counts": "b", "points": [point("a", 1.0, 1e-3), point("b", 5.0, 1e-7)], "failures": []}
        ours, peer = self.rows(ours, peer)
        self.assertEqual(ours[1], "1e-6, 9 passes")
        self.assertEqual(peer[-1], "2.5 / 2.5 / 2.5")

    def test_who_was_stopped_is_told_with_what_it_reached(self):
        late = {"name": "late", "counts": "a", "points": [point("a", 50.0, 1e-3)], "failures": ["not done after 60 s"]}
        self.assertEqual(self.rows(late)[0][6], "1.0e-03 (not reached in 60 s)")

    def test_who_cannot_race_is_told_with_the_reason(self):
        self.assertIn("another problem", self.rows({"name": "other", "counts": None, "left_out": "another problem"})[0])

    def test_a_path_is_as_far_off_as_its_farthest_lambda(self):
        self.assertAlmostEqual(course.off({"objectives": [1.0, 0.55]}, [1.0, 0.5]), 0.1, delta=1e-15)


if __name__ == "__main__":
    unittest.main()
