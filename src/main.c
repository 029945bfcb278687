/*
 * main.c - the program is its commands.
 */
#include "base/base.h"

#include "cli/cli.h"

int main(int argc, char **argv)
{
	return commands_main(argc, argv);
}
