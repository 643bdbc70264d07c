namespace CooperationApi.Storage.Writing;

/// <summary>The search data of a record: its texts as written, and the words for the full-text indexes.</summary>
/// <param name="TitleKey">The title, folded.</param>
/// <param name="Names">The names as written, one per line.</param>
/// <param name="Texts">All other texts as written, one per line.</param>
/// <param name="FoldedNames">The words of the names, folded.</param>
/// <param name="ExactNames">The words of the names with their diacritics, each with the prefix `:`.</param>
/// <param name="FoldedText">The words of all texts, folded.</param>
/// <param name="Facets">The tokens of search filters: `type:meetings province:hai-phong group:… in:2019-10 all:2019-10-26`.</param>
internal sealed record SearchDocument(string TitleKey, string Names, string Texts, string FoldedNames, string ExactNames,
    string FoldedText, string Facets);
