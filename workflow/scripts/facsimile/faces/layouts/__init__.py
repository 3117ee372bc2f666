"""How corpora lie on disk, as several kinds share it: folders of images, sequences, tables."""
