"""Pictures: cropping, text on pictures, designed cards, carousels and thumbnails."""
