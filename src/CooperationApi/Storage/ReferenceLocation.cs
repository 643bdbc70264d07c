using System.Globalization;

namespace CooperationApi.Storage;

/// <summary>The member of a record that refers to another record.</summary>
internal sealed record ReferenceLocation(string Type, string Id, string Member, long Ordinal)
{
    /// <summary>The path in the record's JSON: `participants/2/officialId` for the third `participants[].officialId`.</summary>
    public string Pointer =>
        Member.Replace("[]", string.Create(CultureInfo.InvariantCulture, $"/{Ordinal}"), StringComparison.Ordinal).Replace('.', '/');
}
