/** What is special about a document, the document, and what is read: ranges, services, moves, unused lines. */
export const samples: [what: string, document: string, read: string[]][] = [
  [
    'a table with the port first, and bold, code and links in its cells',
    `| Port | Project | Stack | Path |
|--|--|--|--|
| 3000 | **Shop** | Next.js | \`~/shop\` |
| \`3001\` | [Blog](https://example.org/blog) | Astro | ~/blog |
| N/A | CLI | Go | ~/cli |
| 70000 | Broken | | |
| 3000 | Twin | | |
| 3005 | | | |
| | | | |`,
    [
      'S3 Shop 3000: Next.js · ~/shop',
      'S4 Blog 3001: Astro · ~/blog',
      'S7 Twin 3000',
      "U5 the port cell says 'N/A'",
      'U6 70000 is not a port',
      'U8 the name is empty',
    ],
  ],
  [
    'a table without outer pipes, with the ports of host and container',
    `Host Port | Container Port | Purpose
--- | --- | ---
8080 | 80 | Web UI
5432 | 5432 | Database
- | 9000 | Internal`,
    ['S3 Web UI 8080', 'S4 Database 5432', "U5 the port cell says '-'"],
  ],
  [
    'a table with a column of ports for each protocol',
    `| Project | HTTP | gRPC | Worker |
|---|---|---|---|
| api | 3000 | 50051 | - |
| jobs | - | - | 9100 |
| docs | - | N/A | TBD |
| web | 3001 | 99999 | - |`,
    ['S3 api 3000/50051', 'S4 jobs 9100', "U5 the port cell says '-'", 'U6 99999 is not a port'],
  ],
  [
    'a table with a protocol column',
    `| Service | Port | Protocol | Notes |
|---|---|---|---|
| DNS | 53 | TCP/UDP | resolver |
| mDNS | 5353/udp | | |
| Syslog | 514 | UDP | |
| Web | 80, 443 | HTTP | |`,
    ['S3 DNS 53/53u: resolver', 'S4 mDNS 5353u', 'S5 Syslog 514u', 'S6 Web 80/443'],
  ],
  [
    'a table with a column for each of TCP and UDP',
    '| Name | TCP | UDP |\n|---|---|---|\n| Consul | 8600 | 8600 |\n| Web | 8500 | |',
    ['S3 Consul 8600/8600u', 'S4 Web 8500'],
  ],
  [
    'ports of a service in every form',
    `| Service | Ports |
|---|---|
| rtp | 10000-10002 |
| wide | 20000-21000 |
| docker | 8080:80 |
| both | 9000/9443 |
| local | 127.0.0.1:3000 |
| elsewhere | 127.0.0.2:3000 |
| all | 3000 |
| nothing | none |
| twice | 4000, 127.0.0.1:4000 |`,
    [
      'S3 rtp 10000/10001/10002',
      'S5 docker 8080',
      'S6 both 9000/9443',
      'S7 local 127.0.0.1:3000',
      'S8 elsewhere 127.0.0.2:3000',
      'S9 all 3000',
      'S10 nothing ',
      'U4 20000-21000 are 1001 ports, 100 at once are the most for a service',
      'U11 port 4000 stands twice in the line, at addresses that overlap',
    ],
  ],
  [
    'lists as tables',
    `## Services
- 10000: PostgreSQL (container)
- PostgreSQL replica: 5433
* **Grafana** - port 3000
- Redis (6379)
- **n8n**
  - Port: 5678
  - Image: n8nio/n8n
- \`8080\` - Traefik — dashboard
- [ ] Kafka: localhost:9092
1. MinIO (Resolved): 9002
- Old thing: 99999
- Listens on 8443 somewhere
- Use Node 18`,
    [
      'S2 PostgreSQL 10000: container',
      'S3 PostgreSQL replica 5433',
      'S4 Grafana 3000',
      'S5 Redis 6379',
      'S7 n8n 5678',
      'S9 Traefik 8080: dashboard',
      'S10 Kafka 9092',
      'S11 MinIO 9002',
      'U12 99999 is not a port',
      'U13 it is no name with a port',
    ],
  ],
  [
    'a list whose section says nothing of ports, by its numbers',
    '# My box\n\n- Grafana: 3000\n- Prometheus: 9090\n- Stars: 5\n\nText\n\n- Timeout: 3000\n- Retries: 5\n- Speed: 7\n- Proxy: port 3128',
    ['S3 Grafana 3000', 'S4 Prometheus 9090', 'S12 Proxy 3128', 'U9 the list does not say that its numbers are ports'],
  ],
  [
    'a table about ports, among tables about other things',
    `| Feature | Ours | Theirs |
|---|---|---|
| Speed | 1000 | 20 |

| Setting | Default |
|---|---|
| port | 3000 |
| timeout | 3000 |

| Name | Price range |
|---|---|
| Small | 10-20 |

| Name | Port |
|---|---|
| x | 1 |`,
    ['S16 x 1', 'U7 no column of the table is one of ports'],
  ],
  [
    'ranges from a guideline table alone, called by their purpose',
    `| Range | Purpose | Examples |
|---|---|---|
| 3000-3099 | Web | a, b |
| 4000–4099 | APIs | |
| 5000 to 5099 | Databases | |
| 6000 | | |
| 6000-6099, 6200-6299 | Two | |
| 9-1 | Back | |
| 3100-3199 | web | |
| 3000-3099 | Web | |
| | Later | |`,
    [
      'R3 Web 3000-3099: Web',
      'R4 APIs 4000-4099: APIs',
      'R5 Databases 5000-5099: Databases',
      'R6 6000-6000 6000-6000',
      "U7 the range cell says '6000-6099, 6200-6299'",
      'U8 9-1 runs backwards',
      'U9 the range Web stands already at line 3 with 3000-3099',
      'U10 repeats line 3',
      'U11 the range cell is empty',
    ],
  ],
  [
    'headings with ranges in several spellings, several tables below one, and one heading twice',
    `## Web (3000–3099)
| App | Port |
|---|---|
| a | 3000 |

And also:

| App | Port |
|---|---|
| b | :3001 |

### More
| App | Port |
|---|---|
| c | 3002 |

APIs 8000 to 8099
-----------------
| Name | URL |
|---|---|
| d | http://localhost:8000/health |

## Web (3000-3099)
| App | Port |
|---|---|
| a | 3000 |
| A | 3009 |
| e | 3010 |

## Web (4000-4099)
## Back (9-1)
## Changes (2020-2024)
## Others
| App | Port |
|---|---|
| f | 3011 |`,
    [
      'R1 Web 3000-3099',
      'R17 APIs 8000-8099',
      'S4 a 3000 <Web>',
      'S10 b 3001 <Web>',
      'S15 c 3002 <Web>',
      'S21 d 8000 <APIs>',
      'S28 e 3010 <Web>',
      'S36 f 3011',
      'U26 repeats line 4',
      'U27 a stands already at line 4 with port 3000; rename one of them or write both ports in one row',
      'U30 the range Web stands already at line 1 with 3000-3099',
      'U31 9-1 runs backwards',
    ],
  ],
  [
    'only what is shown: no code, no comments, no front matter',
    `---
port: 3000
---
<!-- | hidden | 1 | -->
| Name | Port |
|---|---|
| a | 3000 |
<!-- | b | 3001 |
| c | 3002 | -->
| d | 3003 | <!-- 3004 -->

\`\`\`
| e | 3005 |
\`\`\`
- x
  ~~~~
  - f: 3006
  ~~~
  - g: port 3007
  ~~~~
> - h: port 3008`,
    ['S7 a 3000', 'S10 d 3003', 'S21 h 3008'],
  ],
  [
    'moves as a table, as sentences and as arrows',
    `| Service | Old Port | New Port | Reason |
|---|---|---|---|
| Grafana | 3000 | 3006 | clash |
| X | - | 3001 | |
| Y | 5 | zz | |

- Kibana: 3000 → 3007 (busy)
- Django moved from 8000 to 8005.
- **MinIO:** moved to port \`9002\`, from 9000, because of Portainer
- **n8n**: Moved to port 70000
- Django moved from 8000 to 8005.`,
    [
      'M3 Grafana 3000>3006: clash',
      'M4 X null>3001',
      'M7 Kibana 3000>3007: busy',
      'M8 Django 8000>8005',
      'M9 MinIO 9000>9002: because of Portainer',
      "U5 'zz' is not a port",
      'U10 70000 is not a port',
      'U11 repeats line 8',
    ],
  ],
  [
    'columns without telling headers, by what they hold',
    '# Port list\n\n|Nr|Bezeichnung|Nummer|\n|--|--|--|\n|1|Dienst|3000|\n|2|Anderer|3001|',
    ['S5 Dienst 3000', 'S6 Anderer 3001'],
  ],
  [
    'the best of several columns with names',
    '| Project | Service | Default Port | Container name |\n|---|---|---|---|\n| shop | web | 3000 | shop-web |\n| shop | api | 3001 | shop-api |',
    ['S3 web 3000', 'S4 api 3001'],
  ],
  [
    'the first of several columns with names that are equally good',
    '| Component | Port | Container name |\n|---|---|---|\n| Kafka | 9092 | k1 |',
    ['S3 Kafka 9092'],
  ],
  [
    'names that cannot be used',
    `| Name | Port |\n|---|---|\n| ${'x'.repeat(10_000)} | 3000 |\n| a\u001b[31m | 3001 |\n| ok | 3002 |`,
    [
      'S5 ok 3002',
      'U3 the name cannot be used: it has 10000 characters, 200 are the most',
      'U4 the name cannot be used: it holds control characters',
    ],
  ],
]
