import unittest

from tillroll import Line, Receipt
from tillroll.printing import render


class ReceiptTest(unittest.TestCase):
    def setUp(self):
        self.receipt = Receipt(discount_percent=10)
        self.receipt.add(Line("tea", 395))
        self.receipt.add(Line("scone", 275, 2))
        self.receipt.add(Line("jam", 195))

    def test_the_subtotal_adds_the_lines(self):
        self.assertEqual(self.receipt.subtotal, 1140)

    def test_the_discount_is_rounded_once_for_the_whole_receipt(self):
        self.assertEqual(self.receipt.discount, 114)

    def test_tax_is_on_what_is_left_after_the_discount(self):
        self.assertEqual(self.receipt.tax, 205)

    def test_the_total_is_taxable_and_tax(self):
        self.assertEqual(self.receipt.total, 1231)


class PrintingTest(unittest.TestCase):
    def test_a_receipt_without_discount_has_no_discount_row(self):
        receipt = Receipt()
        receipt.add(Line("tea", 395))
        self.assertNotIn("discount", render(receipt))


if __name__ == "__main__":
    unittest.main()
