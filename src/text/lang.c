/*
 * lang.c - see lang.h.
 */
#include "base/base.h"
#include "text/lang.h"

static const char codes[][LANG_BYTES] = {
	"aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "ast", "av", "ay", "az", "ba", "be", "bg", "bh", "bi",
	"bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "chr", "ckb", "cnr", "co", "cr", "cs", "csb", "cu", "cv",
	"cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr",
	"fy", "ga", "gd", "gl", "gu", "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie",
	"ig", "ii", "ik", "io", "is", "it", "iu", "ja", "jbo", "jv", "ka", "kab", "kg", "ki", "kj", "kk", "kl", "km",
	"kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "ldn", "lfn", "lg", "li", "ln", "lo", "lt", "lu",
	"lv", "mg", "mh", "mi", "mk", "ml", "mn", "moh", "mr", "ms", "ms-Arab", "mt", "my", "na", "nb", "nd", "nds",
	"ne", "ng", "nl", "nn", "no", "nr", "nv", "ny", "oc", "oj", "om", "or", "os", "pa", "pdc", "pi", "pl", "ps",
	"pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sco", "sd", "se", "sg", "si", "sk", "sl", "sma",
	"smj", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "szl", "ta", "te", "tg", "th", "ti", "tk", "tl",
	"tn", "to", "tok", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "vai", "ve", "vi", "vo", "wa", "wo",
	"xal", "xh", "yi", "yo", "za", "zba", "zgh", "zh", "zh-CN", "zh-HK", "zh-TW", "zh-YUE", "zu",
};

static const char *find(struct view v)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (view_eq_nocase(v, view_of(codes[i])))
			return codes[i];
	return NULL;
}

bool lang_normalise(struct view v, char ret[LANG_BYTES])
{
	size_t cut = 0;
	while (cut < v.len && v.p[cut] != '-' && v.p[cut] != '_')
		cut++;
	const char *code = find(v);
	if (!code)
		code = find(view_sub(v, 0, cut));
	if (!code)
		return false;
	memcpy(ret, code, LANG_BYTES);
	return true;
}
