"""python -m unittest: the pages, as `app.py --check` asks for them."""

import unittest

from app import app, check


class Pages(unittest.TestCase):
    def test_all_pages(self):
        self.assertEqual(check(), 0)

    def test_unknown_recipe(self):
        self.assertEqual(app.test_client().get("/recipes/soup.json").status_code, 404)


if __name__ == "__main__":
    unittest.main()
