using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace CooperationApi.Tests;

/// <summary>Compares the dependencies between the service's folders with the table in docs/architecture.md.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string> PackagesByNamespace = new()
    {
        ["FluentValidation"] = "FluentValidation",
        ["Dapper"] = "Dapper",
        ["Microsoft.Data.Sqlite"] = "Sqlite",
        ["SQLitePCL"] = "Sqlite",
        ["Npgsql"] = "Npgsql",
        ["Microsoft.OpenApi"] = "OpenApi",
        ["Swashbuckle"] = "Swashbuckle",
        ["CsvHelper"] = "CsvHelper",
        ["ZstdSharp"] = "Zstd",
        ["System.CommandLine"] = "CommandLine",
        ["Microsoft.IdentityModel"] = "IdentityModel",
        ["OpenTelemetry"] = "OpenTelemetry",
        ["Microsoft.AspNetCore"] = "ASP.NET",
        ["ModelContextProtocol"] = "ModelContextProtocol",
    };

    // The order of the layers: a folder may use folders of its own layer and of those to its right.
    private static readonly string[] Layers =
    [
        "Cli", "Telemetry", "Assistants", "Pages", "Features", "Http/OpenApi", "Queries", "Resources", "Access", "Storage", "Formats",
        "Http", "Jobs", "Text",
    ];

    private static readonly List<Row> Table = ReadTable();

    private static readonly IReadOnlyList<(string Folder, string Dependency)> Dependencies =
    [
        .. new ArchLoader().LoadAssembly(typeof(Program).Assembly).Build().Types
            .Where(type => FindFolder(type) is not null)
            .SelectMany(
                type => type.Dependencies.Select(dependency => (Folder: FindFolder(type)!, Dependency: FindDependency(dependency.Target))))
            .Where(use => use.Dependency is not null && use.Folder != use.Dependency)
            .Select(use => (use.Folder, use.Dependency!))
            .Distinct(),
    ];

    [Fact]
    public void Every_folder_is_in_the_dependency_table()
    {
        var root = Path.Combine(RepositoryFiles.Root, "src", "CooperationApi");
        var folders = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Where(folder => folder != "." && folder.Split('/')[0] is not ("bin" or "obj")).Distinct();
        Assert.Equal(folders.Select(FindRow).Distinct().Order(StringComparer.Ordinal),
            Table.SelectMany(row => row.Folders).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folders_have_only_the_dependencies_that_the_table_allows()
    {
        var allowed = Table.SelectMany(row => row.Folders.SelectMany(folder => row.Allowed.Select(dependency => (folder, dependency))));
        Assert.Empty(Dependencies.Select(use => (FindRow(use.Folder), use.Dependency)).Except(allowed));
    }

    [Fact]
    public void Every_allowed_dependency_is_used()
    {
        Assert.Empty(
            Table.SelectMany(row => row.Allowed.Select(dependency => (Folder: row.Folders[0], dependency)))
                .Except(Dependencies.Select(use => (FindRow(use.Folder), use.Dependency))));
    }

    [Fact]
    public void Dependencies_point_from_upper_to_lower_layers()
    {
        Assert.DoesNotContain(Dependencies,
            use => !PackagesByNamespace.ContainsValue(use.Dependency) && GetLayer(use.Folder) > GetLayer(use.Dependency));

        static int GetLayer(string folder) =>
            Array.FindIndex(Layers, layer => folder == layer || folder.StartsWith(layer + "/", StringComparison.Ordinal));
    }

    [Fact]
    public void Contracts_reference_only_System_assemblies()
    {
        var references = typeof(Contracts.Record).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name));
    }

    private sealed record Row(List<string> Folders, List<string> Allowed);

    private static List<Row> ReadTable() => [.. RepositoryFiles.ReadText("docs/architecture.md").Split('\n')
        .SkipWhile(line => !line.StartsWith("| folder |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => new Row(SplitCell(cells[1]), [.. SplitCell(cells[3]), .. SplitCell(cells[4])]))];

    private static List<string> SplitCell(string cell) =>
        [.. cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('`'))];

    // The folders of the resources share the row `Resources/*`, except those that have a row of their own.
    private static string FindRow(string folder) =>
        folder.StartsWith("Resources/", StringComparison.Ordinal) && !Table.Any(row => row.Folders.Contains(folder))
            ? "Resources/*"
            : folder;

    private static string? FindFolder(IType type) =>
        type.FullName.StartsWith("CooperationApi.", StringComparison.Ordinal)
            && type.Namespace.FullName.Split('.') is ["CooperationApi", .. [_, ..] folders] && folders[0] != "Contracts"
            ? string.Join('/', folders)
            : null;

    private static string? FindDependency(IType type) =>
        FindFolder(type)
            ?? PackagesByNamespace.FirstOrDefault(package => type.FullName.StartsWith(package.Key + ".", StringComparison.Ordinal)).Value;
}
