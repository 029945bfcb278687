-- Which posts have a card, and which links lead to it: for cards that no post has any more.
CREATE INDEX posts_card ON posts (card_id) WHERE card_id IS NOT NULL;
CREATE INDEX preview_links_card ON preview_links (card_id) WHERE card_id > 0;
