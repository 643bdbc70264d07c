using Dapper;

namespace CooperationApi.Storage;

/// <summary>Adds lists of values to the parameters of a query.</summary>
internal static class ParameterLists
{
    /// <summary>
    /// Adds one SQL parameter per value, because database providers differ in their support of list parameters. Returns the placeholders.
    /// </summary>
    public static IReadOnlyList<string> AddEach(this DynamicParameters parameters, string namePrefix, IReadOnlyList<string> values)
    {
        foreach (var (i, value) in values.Index())
            parameters.Add($"{namePrefix}{i}", value);
        return [.. values.Select((_, i) => $"@{namePrefix}{i}")];
    }
}
