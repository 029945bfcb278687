/*
 * collection.h - Collection, CollectionItem (docs: entities/Collection, entities/CollectionItem).
 */
#ifndef PRESENT_COLLECTION_H
#define PRESENT_COLLECTION_H

#include "core/collections.h"
#include "present/present.h"

/* With its items, without those whom the viewer blocks. */
enum err present_collection(const struct present *p, const struct collection *c, struct jw *j);
/* CollectionWithAccounts: whose it is comes first. */
enum err present_collection_with_accounts(const struct present *p, const struct collection *c, struct jw *j);
void present_collection_item(const struct collection_item *item, struct jw *j);

#endif
