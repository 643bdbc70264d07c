# Builds with the SDK image and runs on the ASP.NET image as a non-root user.
# Vietnamese text needs ICU, which the chiseled and Alpine images lack.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig CHANGELOG.md ./
COPY src/CooperationApi.Contracts/CooperationApi.Contracts.csproj src/CooperationApi.Contracts/
COPY src/CooperationApi/CooperationApi.csproj src/CooperationApi/
RUN dotnet restore src/CooperationApi --use-current-runtime
COPY src/ src/
RUN dotnet publish src/CooperationApi --no-restore --use-current-runtime --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# A new volume takes the owner of its folder. The instances of docs/operations/compose.yaml share the folder of the exports.
RUN mkdir -p /data/exports && chown "$APP_UID" /data /data/exports
ENV ASPNETCORE_HTTP_PORTS=8080 \
    Storage__Path=/data/cooperation.db \
    TMPDIR=/data/tmp
VOLUME /data
EXPOSE 8080
USER $APP_UID
# The image has no curl; bash opens the TCP connection through /dev/tcp.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["dotnet", "CooperationApi.dll"]
