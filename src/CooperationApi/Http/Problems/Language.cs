namespace CooperationApi.Http.Problems;

/// <summary>The languages in which problems are explained.</summary>
internal enum Language
{
    English,
    Vietnamese,
}
