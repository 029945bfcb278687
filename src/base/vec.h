/*
 * vec.h - the one growable array: struct VEC(int64_t) ids = {0}; VEC_PUSH(&ids, 7); ids.v[i], ids.n; VEC_FREE(&ids).
 * Bounded by the caller; memory exhaustion aborts.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/base.h"

#define VEC(T)                                                                                                         \
	{                                                                                                              \
		T *v;                                                                                                  \
		size_t n, alloc;                                                                                       \
	}
#define VEC_PUSH(vec, ...)                                                                                             \
	(*((vec)->n == (vec)->alloc                                                                                    \
		   ? ((vec)->v = vec_grow((vec)->v, &(vec)->alloc, sizeof(*(vec)->v)), &(vec)->v[(vec)->n++])          \
		   : &(vec)->v[(vec)->n++]) = (__VA_ARGS__))
#define VEC_FREE(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->alloc = 0)

void *vec_grow(void *v, size_t *alloc, size_t size) __attribute__((returns_nonnull));

#endif
