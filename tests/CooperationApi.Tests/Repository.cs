using System.Runtime.CompilerServices;

namespace CooperationApi.Tests;

/// <summary>The checkout that the tests were built from, and what may lie beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    /// <summary>The founding report's text, which isn't published: null in a stranger's clone.</summary>
    public static string? FoundingReport { get; } =
        new[] { Path.GetFullPath(Path.Combine(Root, "..", "shared", "source", "ha-noi-thai-binh-2019-10-26.txt")) }.FirstOrDefault(File.Exists);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
