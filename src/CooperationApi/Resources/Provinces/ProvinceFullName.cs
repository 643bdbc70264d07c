using CooperationApi.Contracts;

namespace CooperationApi.Resources.Provinces;

/// <summary>The full name of a province unit: the word for its kind, then its name.</summary>
internal static class ProvinceFullName
{
    /// <summary>Returns the full name: `tỉnh Thái Bình`, `thành phố Hà Nội`.</summary>
    public static string Create(ProvinceKind kind, string name) =>
        $"{(kind == ProvinceKind.Municipality ? "thành phố" : "tỉnh")} {name}";

    /// <summary>
    /// Returns true if a full name has the kind and the name. Its first letter may be a capital: offices write `Thành phố Hồ Chí Minh`.
    /// </summary>
    public static bool Matches(string fullName, ProvinceKind kind, string name) =>
        fullName.Length > 0 && char.ToLowerInvariant(fullName[0]) + fullName[1..] == Create(kind, name);
}
