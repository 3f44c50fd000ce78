// `npm run --silent sbom > sbom.json`: what the service is made of.
import { billOfMaterials } from './bill.ts'

process.stdout.write(`${JSON.stringify(billOfMaterials(), undefined, 2)}\n`)
