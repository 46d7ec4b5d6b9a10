"""What is said in videos, at query time: moments beside products, cards of videos, and pages that mix them."""
