/*
 * languages.c - languages a post may be said to be in (Mastodon: GET /api/v1/instance/languages).
 */
#include "base/base.h"

#include "api/groups.h"
#include "gate/call.h"

/* The codes lang_normalise() knows, with their English names (Unicode CLDR). */
static const struct {
	const char *code, *name;
} languages[] = {
	{"aa", "Afar"}, {"ab", "Abkhazian"}, {"ae", "Avestan"}, {"af", "Afrikaans"}, {"ak", "Akan"},
	{"am", "Amharic"}, {"an", "Aragonese"}, {"ar", "Arabic"}, {"as", "Assamese"}, {"ast", "Asturian"},
	{"av", "Avaric"}, {"ay", "Aymara"}, {"az", "Azerbaijani"}, {"ba", "Bashkir"}, {"be", "Belarusian"},
	{"bg", "Bulgarian"}, {"bh", "Bihari"}, {"bi", "Bislama"}, {"bm", "Bambara"}, {"bn", "Bangla"},
	{"bo", "Tibetan"}, {"br", "Breton"}, {"bs", "Bosnian"}, {"ca", "Catalan"}, {"ce", "Chechen"},
	{"ch", "Chamorro"}, {"chr", "Cherokee"}, {"ckb", "Central Kurdish"}, {"cnr", "Montenegrin"},
	{"co", "Corsican"}, {"cr", "Cree"}, {"cs", "Czech"}, {"csb", "Kashubian"}, {"cu", "Church Slavic"},
	{"cv", "Chuvash"}, {"cy", "Welsh"}, {"da", "Danish"}, {"de", "German"}, {"dv", "Divehi"},
	{"dz", "Dzongkha"}, {"ee", "Ewe"}, {"el", "Greek"}, {"en", "English"}, {"eo", "Esperanto"},
	{"es", "Spanish"}, {"et", "Estonian"}, {"eu", "Basque"}, {"fa", "Persian"}, {"ff", "Fula"},
	{"fi", "Finnish"}, {"fj", "Fijian"}, {"fo", "Faroese"}, {"fr", "French"}, {"fy", "Western Frisian"},
	{"ga", "Irish"}, {"gd", "Scottish Gaelic"}, {"gl", "Galician"}, {"gu", "Gujarati"}, {"gv", "Manx"},
	{"ha", "Hausa"}, {"he", "Hebrew"}, {"hi", "Hindi"}, {"ho", "Hiri Motu"}, {"hr", "Croatian"},
	{"ht", "Haitian Creole"}, {"hu", "Hungarian"}, {"hy", "Armenian"}, {"hz", "Herero"},
	{"ia", "Interlingua"}, {"id", "Indonesian"}, {"ie", "Interlingue"}, {"ig", "Igbo"}, {"ii", "Sichuan Yi"},
	{"ik", "Inupiaq"}, {"io", "Ido"}, {"is", "Icelandic"}, {"it", "Italian"}, {"iu", "Inuktitut"},
	{"ja", "Japanese"}, {"jbo", "Lojban"}, {"jv", "Javanese"}, {"ka", "Georgian"}, {"kab", "Kabyle"},
	{"kg", "Kongo"}, {"ki", "Kikuyu"}, {"kj", "Kuanyama"}, {"kk", "Kazakh"}, {"kl", "Kalaallisut"},
	{"km", "Khmer"}, {"kn", "Kannada"}, {"ko", "Korean"}, {"kr", "Kanuri"}, {"ks", "Kashmiri"},
	{"ku", "Kurdish"}, {"kv", "Komi"}, {"kw", "Cornish"}, {"ky", "Kyrgyz"}, {"la", "Latin"},
	{"lb", "Luxembourgish"}, {"ldn", "Láadan"}, {"lfn", "Lingua Franca Nova"}, {"lg", "Ganda"},
	{"li", "Limburgish"}, {"ln", "Lingala"}, {"lo", "Lao"}, {"lt", "Lithuanian"}, {"lu", "Luba-Katanga"},
	{"lv", "Latvian"}, {"mg", "Malagasy"}, {"mh", "Marshallese"}, {"mi", "Māori"}, {"mk", "Macedonian"},
	{"ml", "Malayalam"}, {"mn", "Mongolian"}, {"moh", "Mohawk"}, {"mr", "Marathi"}, {"ms", "Malay"},
	{"ms-Arab", "Malay (Jawi)"}, {"mt", "Maltese"}, {"my", "Burmese"}, {"na", "Nauru"},
	{"nb", "Norwegian Bokmål"}, {"nd", "North Ndebele"}, {"nds", "Low German"}, {"ne", "Nepali"},
	{"ng", "Ndonga"}, {"nl", "Dutch"}, {"nn", "Norwegian Nynorsk"}, {"no", "Norwegian"},
	{"nr", "South Ndebele"}, {"nv", "Navajo"}, {"ny", "Nyanja"}, {"oc", "Occitan"}, {"oj", "Ojibwa"},
	{"om", "Oromo"}, {"or", "Odia"}, {"os", "Ossetic"}, {"pa", "Punjabi"}, {"pdc", "Pennsylvania German"},
	{"pi", "Pali"}, {"pl", "Polish"}, {"ps", "Pashto"}, {"pt", "Portuguese"}, {"qu", "Quechua"},
	{"rm", "Romansh"}, {"rn", "Rundi"}, {"ro", "Romanian"}, {"ru", "Russian"}, {"rw", "Kinyarwanda"},
	{"sa", "Sanskrit"}, {"sc", "Sardinian"}, {"sco", "Scots"}, {"sd", "Sindhi"}, {"se", "Northern Sami"},
	{"sg", "Sango"}, {"si", "Sinhala"}, {"sk", "Slovak"}, {"sl", "Slovenian"}, {"sma", "Southern Sami"},
	{"smj", "Lule Sami"}, {"sn", "Shona"}, {"so", "Somali"}, {"sq", "Albanian"}, {"sr", "Serbian"},
	{"ss", "Swati"}, {"st", "Southern Sotho"}, {"su", "Sundanese"}, {"sv", "Swedish"}, {"sw", "Swahili"},
	{"szl", "Silesian"}, {"ta", "Tamil"}, {"te", "Telugu"}, {"tg", "Tajik"}, {"th", "Thai"},
	{"ti", "Tigrinya"}, {"tk", "Turkmen"}, {"tl", "Tagalog"}, {"tn", "Tswana"}, {"to", "Tongan"},
	{"tok", "Toki Pona"}, {"tr", "Turkish"}, {"ts", "Tsonga"}, {"tt", "Tatar"}, {"tw", "Twi"},
	{"ty", "Tahitian"}, {"ug", "Uyghur"}, {"uk", "Ukrainian"}, {"ur", "Urdu"}, {"uz", "Uzbek"},
	{"vai", "Vai"}, {"ve", "Venda"}, {"vi", "Vietnamese"}, {"vo", "Volapük"}, {"wa", "Walloon"},
	{"wo", "Wolof"}, {"xal", "Kalmyk"}, {"xh", "Xhosa"}, {"yi", "Yiddish"}, {"yo", "Yoruba"},
	{"za", "Zhuang"}, {"zba", "Balaibalan"}, {"zgh", "Standard Moroccan Tamazight"}, {"zh", "Chinese"},
	{"zh-CN", "Chinese (China)"}, {"zh-HK", "Chinese (Hong Kong)"}, {"zh-TW", "Chinese (Taiwan)"},
	{"zh-YUE", "Cantonese"}, {"zu", "Zulu"},
};

static enum err show(struct call *c)
{
	jw_array(&c->json);
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		jw_object(&c->json);
		jw_kv_cstr(&c->json, "code", languages[i].code);
		jw_kv_cstr(&c->json, "name", languages[i].name);
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

const struct endpoint api_languages[] = {
	{.method = HTTP_GET, .path = "/api/v1/instance/languages", .handle = show, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .reply = "[Language]", .doc = "Languages a post may be said to be in."},
	ENDPOINTS_END};
