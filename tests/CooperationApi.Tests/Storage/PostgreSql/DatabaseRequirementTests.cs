using System.Text.Json.Nodes;
using CooperationApi.Tests.Access;

namespace CooperationApi.Tests.Storage.PostgreSql;

/// <summary>Tests of the databases and roles that the service refuses, before it creates a table.</summary>
[Trait("Engine", "PostgreSQL")]
public sealed class DatabaseRequirementTests
{
    private const int StoreErrorExitCode = 3;

    [Theory]
    [InlineData("ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", "the encoding UTF8 and the collation C.UTF-8")]
    [InlineData("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", "the encoding LATIN1 and the collation C")]
    [InlineData("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'vi'",
        "the encoding UTF8 and the collation ICU")]
    public async Task Database_that_sorts_texts_differently_is_refused(string options, string description)
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        var path = folder.GetPath("cooperation.db");
        TestStore.EnsureDatabaseExists(path, options);
        await AssertRefused(folder, description);
    }

    [Fact]
    public async Task Database_that_can_lose_a_commit_is_refused()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        var path = folder.GetPath("cooperation.db");
        TestStore.EnsureDatabaseExists(path);
        TestStore.AlterDatabase(path, "SET synchronous_commit = off");
        await AssertRefused(folder, "synchronous_commit = off");
    }

    [Fact]
    public async Task Lossless_failover_without_a_synchronous_standby_is_refused()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        await AssertRefused(folder, "synchronous_standby_names", "--Storage:Failover=Lossless");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Role_that_cannot_purge_redacted_data_is_refused(bool ownsDatabase, bool readsStatistics)
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        var path = folder.GetPath("cooperation.db");
        TestStore.EnsureDatabaseExists(path);
        var connection = TestStore.CreateRole(path, name => (ownsDatabase ? $"ALTER DATABASE {name} OWNER TO {name};" : "")
            + (readsStatistics ? $"GRANT pg_read_all_stats TO {name};" : ""));
        await AssertRefused(folder, "must own the database", $"--Storage:Connection={connection}");
    }

    [Fact]
    public async Task Role_that_owns_the_database_and_reads_statistics_needs_no_other_right()
    {
        Prerequisite.Require(TestStore.IsPostgreSql, "PostgreSQL is not configured.");
        using var folder = new TempFolder();
        var path = folder.GetPath("cooperation.db");
        TestStore.EnsureDatabaseExists(path);
        var connection = TestStore.CreateRole(path,
            name => $"ALTER DATABASE {name} OWNER TO {name}; GRANT pg_read_all_stats TO {name};");
        await using var service = AuthenticatedService.StartOnStore(path, ("Storage:Connection", connection));
        var key = await service.CreateKeySecret();
        await service.PutOrganization(key, "quyen-toi-thieu", "Zyxophon");
        using var response = await service.Send("POST", "/v1/organizations/quyen-toi-thieu/redact", key,
            new JsonObject { ["reason"] = "Thử quyền tối thiểu" });
        Assert.Equal(200, (int)response.StatusCode);
        await TestStore.WaitForPurge(path);
        Assert.DoesNotContain("zyxophon", TestStore.ReadText(path), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task AssertRefused(TempFolder folder, string description, params string[] options)
    {
        var (exitCode, _, error) = await CliProcess.Run(
            [$"--Storage:Path={folder.GetPath("cooperation.db")}", "--urls", "http://127.0.0.1:0", .. options]);
        Assert.True(exitCode == StoreErrorExitCode, $"{exitCode}: {error}");
        Assert.Contains(description, error, StringComparison.Ordinal);
        Assert.Empty(folder.ListEntriesWithHashes());
    }
}
