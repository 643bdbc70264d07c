using Dapper;

namespace CooperationApi.Features.Search;

/// <summary>A record that matches a search, with its texts as written, one field per line.</summary>
[method: ExplicitConstructor]
internal sealed record SearchCandidate(long RowId, string Type, string Id, string TitleKey, string Names, string Texts);
