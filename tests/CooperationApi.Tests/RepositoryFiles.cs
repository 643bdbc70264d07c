using System.Runtime.CompilerServices;

namespace CooperationApi.Tests;

/// <summary>Files of the checkout that the tests were built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(GetSourceFolder(), "..", ".."));

    /// <summary>The path of the text of the seed report, or null if it is missing (it is not published).</summary>
    public static string? SeedReportPath { get; } =
        new[] { Path.GetFullPath(Path.Combine(Root, "..", "shared", "source", "ha-noi-thai-binh-2019-10-26.txt")) }.FirstOrDefault(
            File.Exists);

    /// <summary>The documents whose examples are tested: README.md, README.vi.md and docs/*.md, relative to the root.</summary>
    public static IEnumerable<string> GetDocumentPaths() =>
        ["README.md", "README.vi.md",
            .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Order(StringComparer.Ordinal)
                .Select(path => Path.GetRelativePath(Root, path))];

    public static string ReadText(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string GetSourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
