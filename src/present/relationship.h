/*
 * relationship.h - Relationship (docs: entities/Relationship).
 */
#ifndef PRESENT_RELATIONSHIP_H
#define PRESENT_RELATIONSHIP_H

#include "core/graph.h"
#include "present/present.h"

void present_relationship(const struct relationship *r, struct jw *j);

#endif
