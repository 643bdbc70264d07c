using CooperationApi.Http.Problems;
using CooperationApi.Storage;
using CooperationApi.Text;
using Microsoft.OpenApi;

namespace CooperationApi.Resources.Filters;

/// <summary>A filter by words of the records' names, compared in folded form. All words must match as whole words.</summary>
internal sealed record NameSearchFilter(string Type, string Table, string Example, bool IgnoresUnitWords) : ListFilter("q",
    "Records whose names or titles contain all of these words. The filter ignores case, tones and diacritics and treats đ as d. "
    + (IgnoresUnitWords
        ? "It ignores `tỉnh`, `thành phố`, `TP`, `T.P.`, `province` (`of`) and `city` (`of`) beside other words. Aliases, former names and "
            + "ISO codes are names. "
        : "")
    + "`/v1/search` searches all texts.", Example)
{
    private const int MaxTextLength = 200;

    public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Pattern = ".", MinLength = 1, MaxLength = MaxTextLength };

    public override AppliedFilter? Parse(string text, ICollection<RequestError> errors)
    {
        var words = SplitWords(TextFolding.Fold(text));
        if (text.Length > MaxTextLength)
            errors.Add(new("too_long", text.Length, MaxTextLength) { Parameter = Name });
        else if (words.Length == 0)
            errors.Add(new("no_search_terms") { Parameter = Name });
        else
        {
            if (IgnoresUnitWords)
            {
                // Without another word, the user searches for the unit words themselves.
                var isUnitWord = ProvinceUnitWords.Find(SplitWords(TextFolding.FoldKeepDiacritics(text)));
                words = isUnitWord.Contains(false) ? [.. words.Where((_, i) => !isUnitWord[i])] : words;
            }
            var match = new MatchExpression(MatchExpression.NamesTable,
                [.. words.Select(word => MatchTerm.Phrase(word)), MatchTerm.Phrase($"type:{Type}")]);
            return new(new(Table, "") { JoinTable = match.Table, RowIdColumn = $"{match.Table}.rowid" }, Name, match.Key)
            {
                Match = match,
            };
        }
        return null;
    }

    private static string[] SplitWords(string folded) => folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
