/*
 * graph_answer.h - a page of accounts out of the graph, with its Link header; and the Relationship that most changes
 * of the graph answer with.
 */
#ifndef API_GRAPH_ANSWER_H
#define API_GRAPH_ANSWER_H

#include "core/graph.h"
#include "gate/call.h"

/* [Account] of the page asked for with PAGE_PARAMS. without_hidden: leaves out whom the viewer blocks or mutes. */
enum err answer_graph_page(struct call *c, enum graph_list list, struct account_id whose, bool without_hidden);
enum err answer_relationship(struct call *c, struct account_id other);

#endif
