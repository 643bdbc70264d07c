namespace CooperationApi.Tests.Access;

/// <summary>One such service for tests that leave it as it is, but for its keys, its log and its clock.</summary>
public sealed class SharedServiceFixture : IAsyncLifetime
{
    internal AuthenticatedService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await AuthenticatedService.Start();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
