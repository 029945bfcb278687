/*
 * job_lane.h - jobs.lane: jobs of one lane do not hold up those of another. What runs them is jobs/.
 */
#ifndef CORE_JOB_LANE_H
#define CORE_JOB_LANE_H

/* Stored numbers: append only. */
enum job_lane {
	LANE_WORK,  /* what this server does by itself */
	LANE_PUSH,  /* Web Push: waits for push services */
	LANE_FILM,  /* films and sounds being converted: one at a time, for minutes */
	LANE_LINKS, /* links in posts: waits for the sites they lead to */
	JOB_LANES
};

#endif
