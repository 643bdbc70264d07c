namespace CooperationApi.Tests.Access;

/// <summary>A service shared by tests that change nothing but its API keys, log and clock.</summary>
public sealed class SharedServiceFixture : IAsyncLifetime
{
    internal AuthenticatedService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await AuthenticatedService.Start();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
