/*
 * refusals.c - what core and moderation say of what was typed, for translators alone: such words travel as a problem, and
 * page_say() finds them by what they are. Those with a number in them are not here.
 */
#include "base/base.h"

#include "text/tongue.h"

static const struct view said[] __attribute__((unused)) = {
	N_("Validation failed: Account has already been taken"),
	N_("This account cannot be added to collections"),
	N_("Validation failed: The collection is full"),
	N_("Validation failed: Name can't be blank"),
	N_("Validation failed: Tag is invalid"),
	N_("Validation failed: The list is full"),
	N_("Validation failed: Title can't be blank"),
	N_("Validation failed: You have reached the maximum number of lists"),
	N_("Validation failed: Context None or invalid context supplied"),
	N_("Validation failed: Domain has already been taken"),
	N_("Validation failed: Domain is not a valid domain name"),
	N_("Validation failed: IP has already been taken"),
	N_("Validation failed: IP is invalid"),
	N_("Validation failed: IP is where you are yourself"),
	N_("Validation failed: Email is invalid"),
	N_("a rule needs words"),
	N_("it would end before it begins"),
	N_("there is nothing to announce"),
	N_("Cannot attach a video to a post that already contains images"),
	N_("Cannot attach files that have not finished processing. Try again in a moment!"),
	N_("The post you are trying to reply to does not appear to exist."),
	N_("This action is not allowed"),
	N_("Validation failed: A private mention can only quote a post of somebody it mentions"),
	N_("Validation failed: Choice can't be blank"),
	N_("Validation failed: Choices contain duplicate items"),
	N_("Validation failed: Choices must have more than one item"),
	N_("Validation failed: Deadline is too far into the future"),
	N_("Validation failed: Deadline is too soon"),
	N_("Validation failed: Fields with a value can't have a blank name"),
	N_("Validation failed: Posts that are only visible to mentioned users cannot be pinned"),
	N_("Validation failed: Rules does not reference valid rules"),
	N_("Validation failed: Scheduled at must be at least five minutes in the future"),
	N_("Validation failed: Someone else's post cannot be pinned"),
	N_("Validation failed: Text can't be blank"),
	N_("Validation failed: The chosen vote option does not exist"),
	N_("Validation failed: The poll has already ended"),
	N_("Validation failed: This post has been edited too many times"),
	N_("Validation failed: You cannot vote in your own polls"),
	N_("Validation failed: You have already pinned the maximum number of posts"),
	N_("Validation failed: You have already voted on this poll"),
	N_("You have as many invitations as one may have"),
};
